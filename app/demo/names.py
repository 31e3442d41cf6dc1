"""Common given and family names of several communities, from which people are put together at random.

A person of the demo data is a chance pair of two common words: none of them is taken from a list of people.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Community:
    """Names that go together. `weight` is its share among the families, in percent."""

    religion: str
    weight: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NORTHERN = Community(
    religion="Hinduism",
    weight=38,
    girls=_words(
        "Aditi Akanksha Ananya Anjali Anushka Aparna Archana Arpita Bhavna Chhaya Deepika Divya Garima Gauri"
        " Isha Jyoti Kajal Kavita Khushi Kiran Komal Mahima Mansi Meera Megha Mitali Monika Namrata Neha Nidhi"
        " Nikita Pallavi Payal Pooja Prachi Preeti Priya Rachna Radhika Rashmi Richa Ritika Ruchi Sakshi"
        " Sandhya Shalini Shikha Shreya Shruti Simran Smita Sneha Sonal Sunita Swati Tanvi Tanya Urvashi"
        " Vaishali Vandana Vidya Vrinda"
    ),
    boys=_words(
        "Abhay Abhinav Abhishek Aditya Ajay Akash Akshay Alok Aman Amit Anand Aniket Anil Ankit Anuj Arnav"
        " Ashish Ashok Atul Ayush Bharat Chirag Deepak Dev Dhruv Gaurav Gopal Harsh Hemant Ishan Jatin Kapil"
        " Kartik Kunal Lalit Manish Manoj Mohit Mukesh Naveen Neeraj Nikhil Nitin Pankaj Pradeep Pranav"
        " Prateek Raghav Rahul Rajat Rakesh Rohan Rohit Sachin Sagar Sameer Sanjay Saurabh Shubham Siddharth"
        " Sumit Tarun Tushar Varun Vikas Vikram Vivek Yash"
    ),
    families=_words(
        "Agarwal Bhardwaj Bhatt Bisht Chaturvedi Chauhan Choudhary Dixit Dubey Garg Goel Gupta Jain Jha Joshi"
        " Kapoor Khanna Kulkarni Kumar Malhotra Mathur Mehta Mishra Negi Pandey Pant Patel Pathak Patil Prasad"
        " Rajput Rathore Rawat Saxena Shah Sharma Shukla Singhal Sinha Solanki Srivastava Thakur Tiwari"
        " Tripathi Trivedi Tyagi Upadhyay Varma Verma Vyas Yadav"
    ),
)

SOUTHERN = Community(
    religion="Hinduism",
    weight=34,
    girls=_words(
        "Abirami Aishwarya Akhila Ambika Amrutha Anitha Anusha Aswathi Bhargavi Chaitra Chitra Deepa Devika"
        " Divyashree Gayathri Geetha Haritha Hema Indira Janaki Jayanthi Kalpana Kamala Karthika Kavya"
        " Keerthana Lakshmi Latha Lavanya Madhavi Malathi Meenakshi Nandini Nithya Padma Pavithra Poornima"
        " Pranathi Ramya Ranjani Revathi Rohini Rukmini Sahana Sangeetha Saranya Savitha Shobha Sindhu Soumya"
        " Sowmya Spoorthi Sridevi Suma Swapna Tejaswini Thanmayi Uma Usha Vani Varsha Vasudha Vijaya Yamini"
    ),
    boys=_words(
        "Adarsh Ajith Anirudh Arjun Aravind Arun Ashwin Balaji Bhaskar Chandan Charan Darshan Dinesh Ganesh"
        " Girish Gokul Guru Hari Harish Jagadish Jayanth Karthik Kishore Krishna Kumaran Lokesh Madhu Mahesh"
        " Manjunath Mohan Murali Nagaraj Naresh Naveen Nishanth Omkar Prakash Prasanna Praveen Raghu Rajesh"
        " Ramesh Ranjith Ravi Sandeep Santhosh Sathish Senthil Sharath Shashank Shreyas Sridhar Srinivas"
        " Subhash Sudeep Suhas Suresh Surya Tejas Uday Varadaraj Venkatesh Vignesh Vijay Vinay Vishal Vishnu"
    ),
    families=_words(
        "Achar Adiga Aiyar Balakrishnan Bhat Chandrasekhar Chetty Desai Gowda Hebbar Hegde Iyengar Iyer"
        " Kamath Karthikeyan Krishnamurthy Krishnan Kurup Menon Murthy Nadar Naidu Naik Nair Nambiar Narayanan"
        " Natarajan Pai Panicker Pillai Prabhu Rajagopal Rajan Raman Ramachandran Ramakrishnan Rao Reddy"
        " Sastry Sekhar Shenoy Shetty Srinivasan Subramaniam Sundaram Swamy Thampi Urs Varadarajan Varrier"
        " Venkataraman"
    ),
)

MUSLIM = Community(
    religion="Islam",
    weight=14,
    girls=_words(
        "Aafreen Aaliya Afsana Aisha Amina Asma Ayesha Benazir Farah Farida Fathima Firdaus Hafsa Heena Ifra"
        " Iqra Khadija Mariam Mehnaz Mumtaz Nadia Nasreen Nazia Parveen Rabia Rehana Rukhsar Saba Sabiha Salma"
        " Sameera Sana Shabana Shaheen Shazia Sumaiya Tabassum Tasneem Yasmin Zainab Zara Zeenat"
    ),
    boys=_words(
        "Aamir Abdul Adil Afzal Ahmed Altaf Anwar Arif Asif Ayaan Danish Faisal Farhan Feroz Habib Hamid"
        " Hassan Imran Irfan Ismail Javed Junaid Kabir Karim Khalid Mansoor Mohsin Mujeeb Nadeem Nasir Omar"
        " Parvez Rafiq Rashid Rehan Riyaz Saif Salim Shahid Shakeel Sohail Tariq Wasim Yusuf Zaheer Zubair"
    ),
    families=_words(
        "Ahmed Akhtar Ali Ansari Aziz Baig Basha Begum Chishti Farooqui Hashmi Hussain Iqbal Khan Khatri"
        " Malik Mirza Mohammed Pasha Pathan Qureshi Rahman Rizvi Saifi Sayyed Shaikh Sheriff Siddiqui Sultan"
        " Usmani Zaidi"
    ),
)

CHRISTIAN = Community(
    religion="Christianity",
    weight=9,
    girls=_words(
        "Agnes Alice Ancy Angel Anna Annie Beena Bincy Blessy Celine Christina Clara Daisy Elizabeth Esther"
        " Grace Helen Irene Jacinta Jessy Julie Leena Lily Liya Maria Mary Mercy Merin Nancy Neethu Reena"
        " Rebecca Rose Ruth Sarah Sherin Sheeba Stella Susan Teresa Tessa Treesa"
    ),
    boys=_words(
        "Abel Abraham Alan Albert Alex Aloysius Antony Anu Basil Benny Bijoy Binu Denny Dennis Edwin Eldho"
        " Felix Francis George Gladwin Ivan Jacob James Jerin Jijo Jinu Joel John Joseph Jude Kevin Lijo Manu"
        " Martin Mathew Melvin Nelson Paul Peter Reuben Robin Roshan Roy Samuel Shaji Shibu Simon Stephen"
        " Thomas Tony Vincent"
    ),
    families=_words(
        "Abraham Alphonso Andrews Antony Chacko Cherian D'Cruz D'Souza Dias Fernandes George Jacob John"
        " Joseph Kurian Lobo Lopez Mathew Menezes Mendonca Ninan Noronha Paul Pereira Philip Pinto Rodrigues"
        " Samuel Saldanha Sequeira Thomas Varghese Xavier Zachariah"
    ),
)

SIKH = Community(
    religion="Sikhism",
    weight=5,
    girls=_words(
        "Amandeep Amrit Baljeet Gurleen Gurpreet Harleen Harpreet Harsimran Jaspreet Jasleen Kirandeep"
        " Kuljeet Mandeep Manpreet Navdeep Navneet Parminder Rajveer Ramandeep Ravneet Rupinder Sandeep"
        " Simranjeet Sukhmani Tejinder"
    ),
    boys=_words(
        "Amanpreet Angad Arshdeep Balwinder Daljit Davinder Gagandeep Gurdeep Gurmeet Harbir Hardeep Harjit"
        " Inderjit Jagdeep Jasbir Jaskaran Kamaljit Karanveer Lakhwinder Maninder Navjot Paramjit Prabhjot"
        " Ranjit Satnam Sukhdev Surinder Taranjit Yuvraj"
    ),
    families=_words(
        "Ahluwalia Arora Bajwa Bedi Bhullar Brar Chadha Cheema Dhaliwal Dhillon Gill Grewal Johal Kaur Kohli"
        " Mann Randhawa Sandhu Sethi Sidhu Singh Sodhi Sohal Uppal Virk Walia"
    ),
)

COMMUNITIES = (NORTHERN, SOUTHERN, MUSLIM, CHRISTIAN, SIKH)
